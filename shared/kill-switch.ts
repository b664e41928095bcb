/** What the parameter said: only a plain `off` lets anything act. */
export type KillSwitch = { readonly value: 'on' | 'off' } | { readonly value: 'unknown'; readonly message: string };
