"""信号 Signal: what somebody found out about a number that looked strange. The number itself is computed."""
