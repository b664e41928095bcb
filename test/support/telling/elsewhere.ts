import type { BaseOf } from '../../../shared/telling/sending/hosts.ts';

/** Finds every host on the answering server, under its own name, so that a request says for whom it was. */
export const onServer =
  (server: { readonly url: string }): BaseOf =>
  (host) =>
    `${server.url}/${host}`;
