import { jsonAnswer, type OutsideAnswer, type OutsideHost, plainRefusal, textOf } from '../host.ts';
import type { Credentials } from './credentials.ts';

const refused = (status: number, error: string, description: string): OutsideAnswer =>
  jsonAnswer(status, { error, error_description: description }, { outcome: error });

/**
 * `identity.pagerduty.com`, the same for all regions: tokens for apps, by client_credentials. The scope names the account,
 * `as_account-us.<subdomain>`, and what the token may. Source: PagerDuty's developer documentation, "Scoped OAuth";
 * errors: RFC 6749, section 5.2.
 */
export const createIdentityHost = (credentials: Credentials): OutsideHost => ({
  refuse: plainRefusal,
  answer({ method, path, headers, body, atMs }) {
    if (`${method} ${path}` !== 'POST /oauth/token') return refused(404, 'not_found', 'Not found');
    if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
      return refused(400, 'invalid_request', 'The body is not application/x-www-form-urlencoded');
    const form = new URLSearchParams(textOf(body) ?? '');
    if (form.get('grant_type') !== 'client_credentials')
      return refused(400, 'unsupported_grant_type', 'Only client_credentials is served here');
    const app = credentials.appOf(form.get('client_id') ?? '', form.get('client_secret') ?? '');
    if (app === undefined) return refused(401, 'invalid_client', 'Client authentication failed');
    const wanted = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const account = `as_account-${app.region}.${app.subdomain}`;
    const scopes = wanted.filter((scope) => scope !== account);
    if (scopes.length === wanted.length) return refused(400, 'invalid_scope', `The scope does not name ${account}`);
    const tooMuch = scopes.find((scope) => !app.scopes.includes(scope));
    if (tooMuch !== undefined) return refused(400, 'invalid_scope', `The app was not granted ${tooMuch}`);
    const { token, seconds } = credentials.issue(app, scopes, atMs);
    return jsonAnswer(200, {
      access_token: token,
      scope: wanted.join(' '),
      token_type: 'bearer',
      expires_in: seconds,
    });
  },
});
