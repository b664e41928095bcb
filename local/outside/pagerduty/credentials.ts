import { randomBytes } from 'node:crypto';
import type { Region } from './service.ts';

/** An app that was registered in an account, with scoped OAuth. */
export type App = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly region: Region;
  readonly subdomain: string;
  /** What it may ask a token for: `incidents.read`. */
  readonly scopes: readonly string[];
};

/** Who asks the REST API, and what he may: an account's key may everything. */
type Grant = { readonly id: string; readonly scopes: readonly string[] | 'everything' };

/** Credentials of the REST API, as administrators hand them out. */
export type Credentials = {
  /** A read-only key of an account: it sees everything there. */
  addApiToken(region: Region): string;
  addApp(app: Pick<App, 'region' | 'subdomain' | 'scopes'>): App;
  appOf(clientId: string, clientSecret: string): App | undefined;
  /** A token of an app, valid for a day. */
  issue(app: App, scopes: readonly string[], nowMs: number): { readonly token: string; readonly seconds: number };
  /** Whose an `Authorization` header is; undefined for one that is nobody's, has expired or is of another region. */
  grantOf(header: string | undefined, region: Region, nowMs: number): Grant | undefined;
  /** From now on a token, or every token of an app, is nobody's. */
  revoke(tokenOrClientId: string): void;
};

/** Source: PagerDuty's developer documentation, "Scoped OAuth". */
const tokenSeconds = 86_400;

type Token = Grant & { readonly region: Region; readonly endsAtMs: number; readonly kind: 'Token' | 'Bearer' };

export function createCredentials(): Credentials {
  const apps = new Map<string, App>();
  const tokens = new Map<string, Token>();
  return {
    addApiToken(region) {
      const token = `u+${randomBytes(9).toString('base64url')}`;
      tokens.set(token, { kind: 'Token', id: token, region, scopes: 'everything', endsAtMs: Number.POSITIVE_INFINITY });
      return token;
    },
    addApp(wish) {
      const app = { ...wish, clientId: randomBytes(18).toString('hex'), clientSecret: randomBytes(24).toString('hex') };
      apps.set(app.clientId, app);
      return app;
    },
    appOf: (clientId, clientSecret) => {
      const app = apps.get(clientId);
      return app?.clientSecret === clientSecret ? app : undefined;
    },
    issue({ clientId, region }, scopes, nowMs) {
      const token = `pdus+${randomBytes(24).toString('base64url')}`;
      tokens.set(token, { kind: 'Bearer', id: clientId, region, scopes, endsAtMs: nowMs + tokenSeconds * 1000 });
      return { token, seconds: tokenSeconds };
    },
    grantOf(header, region, nowMs) {
      const [, scheme, value = ''] = /^(?:(Token) token=|(?:Bearer) )(\S+)$/.exec(header ?? '') ?? [];
      const token = tokens.get(value);
      const isRight = token?.kind === (scheme ?? 'Bearer') && token.region === region && nowMs < token.endsAtMs;
      return isRight ? token : undefined;
    },
    revoke(tokenOrClientId) {
      apps.delete(tokenOrClientId);
      for (const [token, { id }] of tokens)
        if (token === tokenOrClientId || id === tokenOrClientId) tokens.delete(token);
    },
  };
}
