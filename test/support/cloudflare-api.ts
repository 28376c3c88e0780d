import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an account has, and what is asked of it. */
export interface Account {
  hasR2: boolean;
  hasSubdomain: boolean;
  /** The Worker's upload fails once, after its bucket and database were made. */
  breaksOff: boolean;
  readonly buckets: string[];
  readonly databases: { readonly uuid: string; readonly name: string }[];
  /** The metadata of each Worker that was uploaded, by its name. */
  readonly workers: Map<string, { readonly bindings: readonly Record<string, unknown>[] }>;
}

type Answer = { readonly result: unknown } | { readonly code: number; readonly message: string };

const gone: Answer = { code: 10007, message: 'This Worker does not exist on your account.' };

/**
 * The calls of Cloudflare's REST API that `wrangler deploy` makes, answered by its documents. The real API cannot be reached by
 * a test, so it shows what wrangler and our command do with such answers, and not that Cloudflare gives them.
 */
export class CloudflareApi {
  readonly account: Account = {
    ...{ hasR2: true, hasSubdomain: true, breaksOff: false, buckets: [], databases: [] },
    workers: new Map(),
  };
  readonly calls: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    void bodyOf(request).then(body => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api');
      this.calls.push(`${request.method} ${pathname}`);
      const answer = this.answer(
        `${request.method} ${pathname.replace('/client/v4', '')}`,
        searchParams,
        body,
      );
      const ok = 'result' in answer;
      response.writeHead(ok ? 200 : 400, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          ...{ success: ok, messages: [], errors: ok ? [] : [answer] },
          ...{ result: ok ? answer.result : null, result_info: { page: 1, total_pages: 1 } },
        }),
      );
    });
  });

  /** @returns what wrangler has in its environment to ask this API */
  async start(): Promise<Readonly<Record<string, string>>> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
      CLOUDFLARE_API_TOKEN: 'a token',
      CLOUDFLARE_ACCOUNT_ID: 'account',
    };
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(call: string, query: URLSearchParams, body: string): Answer {
    const { account } = this;
    const on = (pattern: RegExp): string | null => pattern.exec(call)?.[1] ?? null;
    const bucket = on(/^\w+ \/accounts\/account\/r2\/buckets(?:\/([\w-]+))?$/) ?? '';
    if (call.includes('/r2/') && !account.hasR2)
      return { code: 10042, message: 'Please enable R2 through the Cloudflare Dashboard.' };
    if (call.startsWith('GET /accounts/account/r2/buckets/'))
      return account.buckets.includes(bucket)
        ? { result: { name: bucket } }
        : { code: 10006, message: 'The specified bucket does not exist.' };
    if (call === 'GET /accounts/account/r2/buckets')
      return { result: { buckets: account.buckets.map(name => ({ name, creation_date: '' })) } };
    if (call === 'POST /accounts/account/r2/buckets') {
      account.buckets.push(JSON.parse(body).name);
      return { result: {} };
    }
    if (call === 'GET /accounts/account/d1/database') {
      const name = query.get('name');
      return { result: account.databases.filter(database => name === null || database.name === name) };
    }
    const database = on(/^GET \/accounts\/account\/d1\/database\/([\w-]+)$/);
    if (database !== null) {
      const found = account.databases.find(({ uuid, name }) => database === uuid || database === name);
      return found ? { result: found } : { code: 7404, message: 'The database was not found' };
    }
    if (call === 'POST /accounts/account/d1/database') {
      const { name } = JSON.parse(body) as { name: string };
      if (account.databases.some(database => database.name === name))
        return { code: 7502, message: 'A database with that name already exists' };
      const database = { uuid: `id-of-${name}`, name };
      account.databases.push(database);
      return { result: database };
    }
    return this.answerOfWorkers(call, body);
  }

  private answerOfWorkers(call: string, body: string): Answer {
    const { account } = this;
    const name = /\/workers\/(?:scripts|services)\/([\w-]+)/.exec(call)?.[1] ?? '';
    if (/^PUT .*\/scripts\/[\w-]+$/.test(call) || /^POST .*\/versions$/.test(call)) {
      if (account.breaksOff) {
        account.breaksOff = false;
        return { code: 10013, message: 'workers.api.error.unknown' };
      }
      account.workers.set(name, JSON.parse(/name="metadata"\r\n\r\n(\{.*\})\r\n/.exec(body)?.[1] ?? '{}'));
      return { result: { id: 'version', startup_time_ms: 1, metadata: {}, resources: {} } };
    }
    if (call.endsWith('/assets-upload-session')) return { result: { jwt: 'done', buckets: [] } };
    if (call.endsWith('/workers/subdomain'))
      return account.hasSubdomain
        ? { result: { subdomain: 'school' } }
        : { code: 10007, message: 'There is no workers.dev subdomain' };
    if (call.endsWith('/deployments')) return { result: { deployments: [] } };
    if (/^GET .*\/versions$/.test(call))
      return account.workers.has(name)
        ? { result: { items: [{ id: 'version', number: 1, metadata: {} }] } }
        : gone;
    if (/^GET .*\/versions\/version$/.test(call)) {
      const bindings = account.workers.get(name)?.bindings ?? [];
      return { result: { id: 'version', number: 1, metadata: {}, annotations: {}, resources: { bindings } } };
    }
    if (call.endsWith('/workers/scripts')) return { result: [...account.workers.keys()].map(id => ({ id })) };
    if (call.endsWith('/secrets')) return account.workers.has(name) ? { result: [] } : gone;
    if (call.endsWith('/settings')) return this.settingsOf(name);
    if (call.endsWith('/subdomain')) return { result: { enabled: true, previews_enabled: false } };
    if (/\/services\/[\w-]+$/.test(call))
      return account.workers.has(name)
        ? {
            result: {
              default_environment: { environment: 'production', script: { last_deployed_from: 'wrangler' } },
            },
          }
        : gone;
    if (call === 'GET /user') return { result: { id: 'user', email: 'teacher@school.example' } };
    if (call === 'GET /accounts') return { result: [{ id: 'account', name: 'School' }] };
    if (call === 'GET /memberships') return { result: [{ account: { id: 'account', name: 'School' } }] };
    return { result: {} };
  }

  private settingsOf(name: string): Answer {
    const worker = this.account.workers.get(name);
    return worker ? { result: worker } : gone;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
