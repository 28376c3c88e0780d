import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { portHolder } from './port-holder.ts';
import { commandOf, parentOf } from './process-table.ts';

/** Init takes in whoever has lost its parent. */
const INIT = 1;

/** Who holds a port, and how it is stopped: ` by node (process 123): stop that program`. */
export function describeHolder(port: number): string {
  const holder = portHolder(port);
  if (!holder) return ': stop the program that uses it';
  const who = ` by ${toOneLine(holder.name)} (process ${holder.pid})`;
  const stop = (pid: number): string => `stop it with \`kill ${pid}\``;
  if (holder.name !== 'workerd') return `${who}: stop that program`;
  const parent = parentOf(holder.pid);
  if (parent === INIT) return `${who}, which a platform that was killed has left behind: ${stop(holder.pid)}`;
  const isOurs = parent !== null && /\bhomeroom\.(mjs|ts)\b/.test(commandOf(parent));
  return isOurs
    ? ` by another Homeroom platform (process ${parent}): open it, ${stop(parent)}`
    : `${who}: stop that program`;
}
