"""What customers wrote, understood on one CPU with no network: language, sentiment, reasons, voice class, masking."""
