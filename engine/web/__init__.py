"""What the process shows of itself over HTTP: health now, metrics and webhooks later."""
