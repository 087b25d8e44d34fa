"""统一登录 A county's single sign-on, by OpenID Connect: the code flow with PKCE, and nothing else."""
