import { parseArgs } from 'node:util';
import { UsageError } from '../terminal/usage-error.ts';
import { runDeployment } from './run-deployment.ts';

/**
 * `npm run deploy`: puts the built platform on the Cloudflare account of whoever is logged in. It asks nothing, so that
 * Cloudflare's own builds can run it too, and ends with the link by which the owner claims the platform.
 */
const usage = `Usage: npm run deploy -- [options]

Puts the platform on your Cloudflare account. What it needs there is made if it is not there.

  --name NAME    the Worker's name, and the first part of its address (as a
                 rule homeroom). With another name you have another platform
                 beside the first one
  --without-r2   keep blobs in Durable Objects, also if the account has R2
  --dry-run      build and check all, and send nothing
  --help         this text`;

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        name: { type: 'string' },
        'without-r2': { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error} (npm run deploy -- --help)`);
  }
}

/** What a Worker's name may be: it becomes a part of its address. */
const WORKER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,52}[a-z0-9])?$/;

async function deploy(): Promise<void> {
  const { name, 'without-r2': withoutR2, 'dry-run': isDryRun, help } = readFlags();
  if (help) return console.log(usage);
  if (name !== undefined && !WORKER_NAME.test(name))
    throw new UsageError(
      `--name ${name}: a name has up to 54 small letters, digits and hyphens, as in physics-class-7`,
    );
  await runDeployment({ name, withoutR2, isDryRun });
}

try {
  await deploy();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`homeroom: ${error.message}`);
  process.exitCode = 2;
}
