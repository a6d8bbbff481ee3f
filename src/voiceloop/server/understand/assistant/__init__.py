"""An optional language model behind any OpenAI-compatible address: summaries and drafts, never needed."""
