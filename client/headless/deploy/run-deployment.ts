import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experimental_readRawConfig } from 'wrangler';
import { packageRoot } from '../package-root.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { describeClaim, makeClaim } from './claim.ts';
import { deployConfig } from './deploy-config.ts';
import { hintFor, lacksR2 } from './hints.ts';
import { runWrangler } from './wrangler.ts';

export interface DeploymentOptions {
  /** Of the Worker. If it is left out, the one in wrangler.toml. */
  readonly name: string | undefined;
  readonly withoutR2: boolean;
  readonly isDryRun: boolean;
}

/** Made anew by each deployment, beside wrangler.toml, whose paths are relative to it. */
const CONFIG = join(packageRoot, '.homeroom-deploy.json');

/** Where wrangler writes what it has deployed, for programs. */
const REPORT = join(packageRoot, '.cache/deployed.jsonl');

/** @throws UsageError with what to do, if the account or the connection does not allow it */
export async function runDeployment(options: DeploymentOptions): Promise<void> {
  const { name, isDryRun } = options;
  if (!isDryRun) await requireLogin();
  const config = readConfig();
  const deployed = isDryRun ? null : await deployedBindings(name ?? nameInBuild ?? String(config.name));
  const hasR2 = isDryRun ? !options.withoutR2 : await choosesR2(options.withoutR2, deployed);
  const claim = makeClaim(Date.now());
  try {
    await writeFile(CONFIG, JSON.stringify(deployConfig(config, { name, hasR2 })));
    const origin = await sendWorker(isDryRun, claim.vars);
    console.log(isDryRun ? 'Everything is in order. Nothing was sent.' : `\n${describeClaim(claim, origin)}`);
  } finally {
    await rm(CONFIG, { force: true });
  }
}

const readConfig = () => experimental_readRawConfig({ config: join(packageRoot, 'wrangler.toml') }).rawConfig;

/** A person logs in now. A program has a token, or it ends here. */
async function requireLogin(): Promise<void> {
  const { ok, output } = await runWrangler(['whoami'], { isShown: false });
  if (ok && !/not authenticated/i.test(output)) return;
  if (!process.stdin.isTTY) throw new UsageError(hintFor(output) ?? output.trim());
  const login = spawnSync(join(packageRoot, 'node_modules/.bin/wrangler'), ['login'], { stdio: 'inherit' });
  if (login.status !== 0)
    throw new UsageError('nobody logged in, so nothing was deployed: run `npm run deploy` again');
}

/**
 * In a build of Cloudflare's, as after its deploy button, the Worker was chosen there, and wrangler deploys to the one of this
 * name. It may be there already, with nothing in it.
 */
const { WORKERS_CI: isCloudflareBuild, WRANGLER_CI_OVERRIDE_NAME: nameInBuild } = process.env;

/**
 * The names of the bindings that the Worker of this name has now. Null if there is none.
 * @throws UsageError if it is another program of the account: to deploy over it would replace it
 */
async function deployedBindings(name: string): Promise<ReadonlySet<string> | null> {
  const versions = await runWrangler(['versions', 'list', '--name', name, '--json'], { isShown: false });
  const [newest] = versions.ok ? (jsonIn<{ id: string }[]>(versions.output)?.slice(-1) ?? []) : [];
  if (!newest) return null;
  const view = await runWrangler(['versions', 'view', newest.id, '--name', name, '--json'], {
    isShown: false,
  });
  const told = jsonIn<{ resources?: { bindings?: { name: string }[] } }>(view.output)?.resources?.bindings;
  if (!told) return null;
  const names = new Set(told.map(binding => binding.name));
  if (names.has(OWN_BINDING)) return names;
  if (isCloudflareBuild) return null;
  throw new UsageError(
    `your account has another Worker that is called ${name}, and this would replace it. Choose a name: npm run deploy -- --name my-homeroom`,
  );
}

/**
 * Whether the platform keeps its files in R2. A platform that is there already keeps them where they are: the other place is not
 * searched, so all its runs and data would be gone.
 * @throws UsageError if it is asked to leave the R2 in which its files are
 */
async function choosesR2(withoutR2: boolean, deployed: ReadonlySet<string> | null): Promise<boolean> {
  if (deployed === null) return !withoutR2 && (await accountHasR2());
  if (deployed.has(R2_BINDING) && withoutR2)
    throw new UsageError(
      'this platform keeps its files in R2, and without it they would be gone: leave --without-r2 out',
    );
  if (!deployed.has(R2_BINDING))
    console.log('This platform keeps its files in Durable Objects, and goes on so.');
  return deployed.has(R2_BINDING);
}

const R2_BINDING = 'BLOBS';

/** No other program has a binding of this name. */
const OWN_BINDING = 'COORDINATORS';

/** wrangler may print a line for people before the JSON. Null if there is none. */
function jsonIn<T>(output: string): T | null {
  const at = output.search(/^[[{]/m);
  try {
    return at < 0 ? null : (JSON.parse(output.slice(at)) as T);
  } catch {
    return null;
  }
}

/** Only the account's owner can enable R2, and a deployment does without it. */
async function accountHasR2(): Promise<boolean> {
  const { ok, output } = await runWrangler(['r2', 'bucket', 'list'], { isShown: false });
  if (ok) return true;
  if (!lacksR2(output)) throw new UsageError(hintFor(output) ?? output.trim());
  console.log(
    `This account has no R2, so the platform keeps its files in Durable Objects: 5 GB in all on the free plan.
To have more room, enable R2 at https://dash.cloudflare.com/?to=/:account/r2 before you deploy for the first time.`,
  );
  return false;
}

/** @returns the address, null if wrangler tells none */
async function sendWorker(isDryRun: boolean, vars: Readonly<Record<string, string>>): Promise<string | null> {
  await mkdir(join(packageRoot, '.cache'), { recursive: true });
  await rm(REPORT, { force: true });
  const flags = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
  const { ok, output } = await runWrangler(
    ['deploy', '--config', CONFIG, ...flags, ...(isDryRun ? ['--dry-run'] : [])],
    { isShown: true, env: { WRANGLER_OUTPUT_FILE_PATH: REPORT } },
  );
  if (!ok)
    throw new UsageError(hintFor(output) ?? 'wrangler did not deploy: what it says above is all there is');
  return isDryRun ? null : deployedOrigin(await readFile(REPORT, 'utf8').catch(() => ''));
}

/** The first address in wrangler's report: a JSON object on each line, that of the deployment with its `targets`. */
export function deployedOrigin(report: string): string | null {
  for (const line of report.split('\n').filter(Boolean)) {
    const { type, targets } = JSON.parse(line) as { type: string; targets?: readonly string[] };
    const [target] = type === 'deploy' ? (targets ?? []) : [];
    if (target !== undefined) return new URL(target.includes('://') ? target : `https://${target}`).origin;
  }
  return null;
}
