"""The processes of the service: supervisor, server and worker."""
