import { constants, existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { buildSteps } from '../build/build-steps.ts';
import { isUpToDate } from '../build/stamp.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { isFolder } from '../files/is-folder.ts';
import { describeHolder } from '../local-platform/describe-holder.ts';
import { addressOf } from '../local-platform/folder-owner.ts';
import { portHolder } from '../local-platform/port-holder.ts';
import { packageRoot } from '../package-root.ts';
import { packageVersion } from '../package-version.ts';
import { printLine, toJsonLine } from '../terminal/terminal.ts';
import { hasDriver } from '../trainer-thread/node-webgpu.ts';

export interface DoctorFlags {
  readonly port: number;
  readonly folder: string;
  readonly json: boolean;
}

/** `note`: it works without. `problem`: something that the user asked for will not work until it is mended. */
interface Finding {
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
}

const ok = (text: string): Finding => ({ state: 'ok', text });
const note = (text: string): Finding => ({ state: 'note', text });
const problem = (text: string): Finding => ({ state: 'problem', text });

/** Says what there is and what is lacking, and ends with status 1 if there is a problem. It changes nothing. */
export async function doctor({ port, folder, json }: DoctorFlags): Promise<void> {
  const findings = [
    ok(`homeroom ${packageVersion()} on Node ${process.versions.node}, ${process.platform} ${process.arch}`),
    ok(`${availableParallelism()} cores, ${(totalmem() / 1e9).toFixed(1)} GB of memory`),
    ...(await aboutPlatform(port, folder)),
    aboutBuild(),
    aboutGraphics(),
    aboutBrowser(),
  ];
  if (json) console.log(toJsonLine(findings));
  else for (const { state, text } of findings) printLine(`${state.padEnd(8)} ${text}`);
  if (findings.some(({ state }) => state === 'problem')) process.exitCode = 1;
}

async function aboutPlatform(port: number, folder: string): Promise<Finding[]> {
  const address = addressOf(folder);
  if (address !== null) return [ok(`a platform is up at ${address}, with its data in ${folder}`)];
  const isHeld = portHolder(port) !== null;
  return [
    isHeld
      ? problem(`port ${port} is in use${describeHolder(port)}, or choose another port with --port`)
      : ok(`port ${port} is free for \`npx homeroom start\``),
    await aboutFolder(folder),
  ];
}

/** A run of a small network takes some tens of megabytes, and a full disk stops a platform. */
const LEAST_FREE_BYTES = 1e9;

async function aboutFolder(folder: string): Promise<Finding> {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const why = await whyNoData(there);
  if (why !== null)
    return problem(`data cannot be kept in ${folder}: ${why}. Choose another folder with --folder`);
  const { bavail, bsize } = await statfs(there);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB are free where data are kept (${folder})`;
  return free < LEAST_FREE_BYTES
    ? problem(`${text}: make room, or choose another folder with --folder`)
    : ok(text);
}

/** @param folder where the data are to be, or where their folder would be made */
async function whyNoData(folder: string): Promise<string | null> {
  if (!isFolder(folder)) return `${folder} is a file`;
  return access(folder, constants.W_OK).then(() => null, describeFileError);
}

function aboutBuild(): Finding {
  const stale = buildSteps.filter(step => !isUpToDate(packageRoot, step)).map(({ name }) => name);
  return stale.length === 0
    ? ok('everything is built')
    : note(
        `not built yet: ${stale.join(', ')}. The commands that need it build it, or \`npm run build\` does`,
      );
}

const aboutGraphics = (): Finding =>
  hasDriver()
    ? ok('volunteers from this terminal can try the graphics card (WebGPU)')
    : note(
        'no Vulkan driver is installed, so volunteers from this terminal train on WebAssembly: for the graphics card install its driver and libvulkan1',
      );

const BROWSERS: readonly string[] = [
  ...['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function aboutBrowser(): Finding {
  const found = [process.env.CHROME_PATH, ...BROWSERS].find(path => path !== undefined && existsSync(path));
  return found === undefined
    ? note(
        'no Chrome or Chromium was found: only the tests in a browser need it (CHROME_PATH names another place)',
      )
    : ok(`browser for the tests: ${found}`);
}
