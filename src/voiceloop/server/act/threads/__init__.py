"""What is said with customers: e-mail, web chat, WeChat and the telephone as one model of threads."""
