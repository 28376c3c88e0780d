/** Volunteers by what their devices have room for: `0.5:1,0.5:whole`. */

/** What a device has room for: so many segments from the front, all of them, or what so much memory holds. */
export type Room =
  | { readonly kind: 'depth'; readonly depth: number }
  | { readonly kind: 'whole' }
  | { readonly kind: 'memory'; readonly memoryMB: number };

export interface DeviceClass {
  /** Of the volunteers. */
  readonly share: number;
  readonly room: Room;
}

const MOST_DEPTH = 64;
const MOST_MB = 1_000_000;
/** How far shares may be from 1 in all: thirds cannot be written down exactly. */
const ROUNDING = 0.001;

/**
 * The classes of `--devices`, for so many volunteers.
 * @throws with one line if it is not a list of classes, if shares do not add up to 1, or if nobody is of a class
 */
export function readDevices(text: string, volunteers: number): DeviceClass[] {
  const classes = text.split(',').map(readClass);
  const total = classes.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(total - 1) > ROUNDING)
    throw new Error(`--devices: the shares in '${text}' add up to ${Number(total.toFixed(4))}, not to 1`);
  const taken = new Set(classesOf(classes, volunteers));
  const nobody = classes.find(one => !taken.has(one));
  if (nobody)
    throw new Error(`--devices: nobody of ${volunteers} volunteers is of the class ${describeClass(nobody)}`);
  return classes;
}

function readClass(text: string): DeviceClass {
  const [share = '', room = '', ...rest] = text.trim().split(':');
  const value = Number(share);
  const found = readRoom(room);
  if (found && rest.length === 0 && share !== '' && value > 0 && value <= 1)
    return { share: value, room: found };
  throw new Error(
    `--devices takes SHARE:ROOM,… with shares from 0 to 1, each with room for so many segments, whole or so many MB (0.5:1,0.5:whole or 0.5:60MB,0.5:400MB), got '${text}'`,
  );
}

function readRoom(text: string): Room | null {
  if (text === 'whole') return { kind: 'whole' };
  const memory = /^(\d+(?:\.\d+)?)MB$/.exec(text);
  const memoryMB = Number(memory?.[1]);
  if (memory) return memoryMB > 0 && memoryMB <= MOST_MB ? { kind: 'memory', memoryMB } : null;
  const depth = /^[1-9]\d?$/.test(text) ? Number(text) : MOST_DEPTH + 1;
  return depth <= MOST_DEPTH ? { kind: 'depth', depth } : null;
}

/**
 * The class of each volunteer, in the order of their indices. Each volunteer is of the class that is most behind its
 * share, so that classes are spread evenly: every other volunteer for halves.
 */
export function classesOf(classes: readonly DeviceClass[], volunteers: number): DeviceClass[] {
  const counts = new Map<DeviceClass, number>();
  return Array.from({ length: volunteers }, (_, i) => {
    const behind = (one: DeviceClass): number => one.share * (i + 1) - (counts.get(one) ?? 0);
    const next = classes.reduce((most, one) => (behind(one) > behind(most) + ROUNDING ? one : most));
    counts.set(next, (counts.get(next) ?? 0) + 1);
    return next;
  });
}

const describeClass = ({ share, room }: DeviceClass): string => `${share}:${describeRoom(room)}`;

export function describeRoom(room: Room): string {
  if (room.kind === 'memory') return `${room.memoryMB}MB`;
  return room.kind === 'whole' ? 'whole' : `${room.depth}`;
}

/** As `--devices` takes them. */
export const describeDevices = (classes: readonly DeviceClass[]): string =>
  classes.map(describeClass).join(',');
