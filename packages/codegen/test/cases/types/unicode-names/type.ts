export interface Input { ünïcödé: string; '日本': number; '🐙': boolean }
