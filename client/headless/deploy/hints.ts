/** What went wrong in wrangler, as its output tells it, and what the account's owner can do about it. */
interface Hint {
  readonly seen: RegExp;
  readonly text: string;
}

const dashboard = 'https://dash.cloudflare.com';

/** The first that fits is told. Codes are those of Cloudflare's API, which wrangler prints as it gets them. */
const hints: readonly Hint[] = [
  {
    seen: /non-interactive environment|CLOUDFLARE_API_TOKEN environment variable|not authenticated|wrangler login/i,
    text: 'you are not logged in to Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN to a token made from the template "Edit Cloudflare Workers", with D1 edit added',
  },
  {
    seen: /More than one account available|CLOUDFLARE_ACCOUNT_ID/i,
    text: 'your login has several accounts. Set CLOUDFLARE_ACCOUNT_ID to the id of the one to use (`npx wrangler whoami` lists them)',
  },
  {
    seen: /\[code: (10042|10136)\]|enable R2/i,
    text: `R2 is not enabled on this account. Enable it once at ${dashboard}/?to=/:account/r2 and deploy again, or deploy with --without-r2`,
  },
  {
    seen: /workers\.dev subdomain|\[code: 10063\]/i,
    text: `this account has no workers.dev address yet. Open ${dashboard}/?to=/:account/workers-and-pages once, choose one, and deploy again`,
  },
  {
    seen: /\[code: 7502\]|database with that name already exists|already exists.*database/i,
    text: 'the account has a database of this name that the Worker may not use. Deploy with another --name, or delete the database at the dashboard',
  },
  {
    seen: /\[code: (10073|10004)\]|bucket.*(already exists|not own)/i,
    text: 'the account has a bucket of this name that the Worker may not use. Deploy with another --name',
  },
  {
    seen: /\[code: 7406\]|maximum number of databases/i,
    text: 'the account has as many D1 databases as its plan allows. Delete one that is not needed at the dashboard, and deploy again',
  },
  {
    seen: /\[code: 10027\]|exceeded the size limit/i,
    text: 'the Worker is larger than the plan of this account allows',
  },
  {
    seen: /\[code: (9109|10000)\]|Authentication error|Unauthorized to access/i,
    text: 'the login or token may not do this. Log in again with `npx wrangler login`, or give the token the rights that the template "Edit Cloudflare Workers" has, and D1 edit',
  },
  {
    seen: /fetch failed|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/i,
    text: "Cloudflare's API cannot be reached from here. Look at the connection, and deploy again: it goes on where it stopped",
  },
];

/** One line for whoever deploys. Null if nobody has seen this before. */
export const hintFor = (output: string): string | null =>
  hints.find(({ seen }) => seen.test(output))?.text ?? null;

/** Whether it failed since the account has no R2. */
export const lacksR2 = (output: string): boolean => /\[code: (10042|10136)\]/.test(output);
