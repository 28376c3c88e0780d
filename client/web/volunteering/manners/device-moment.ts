import { type ReadonlySignal, signal } from '@preact/signals';
import type { DeviceMoment } from './why-resting.ts';

/** Only some browsers have these: https://developer.mozilla.org/docs/Web/API/Battery_Status_API, …/Network_Information_API */
interface BatteryManager extends EventTarget {
  readonly charging: boolean;
}
interface NetworkInformation extends EventTarget {
  readonly type?: string;
  readonly saveData?: boolean;
}
type TellingNavigator = Navigator & {
  readonly getBattery?: () => Promise<BatteryManager>;
  readonly connection?: NetworkInformation;
};

/** An hour that begins is noticed within this. */
const CLOCK_MS = 30_000;

export interface MomentWatch {
  readonly moment: ReadonlySignal<DeviceMoment>;
  /** Whether this browser tells of the battery, or of the kind of line. */
  readonly tellsBattery: boolean;
  readonly tellsLine: boolean;
  end(): void;
}

/** Follows what the device is at: its battery, its line, its tab and its clock. */
export function watchMoment(): MomentWatch {
  const told: TellingNavigator = navigator;
  const line = told.connection;
  let battery: BatteryManager | null = null;
  const read = (): DeviceMoment => ({
    isOnBattery: battery !== null && !battery.charging,
    isMetered: line?.saveData === true || line?.type === 'cellular',
    isHidden: document.hidden,
    hour: new Date().getHours(),
  });
  const moment = signal(read());
  const ended = new AbortController();
  const look = (): void => {
    const next = read();
    if (!isSame(next, moment.value)) moment.value = next;
  };
  const { signal: until } = ended;
  document.addEventListener('visibilitychange', look, { signal: until });
  line?.addEventListener('change', look, { signal: until });
  told
    .getBattery?.()
    .then(found => {
      battery = found;
      found.addEventListener('chargingchange', look, { signal: until });
      if (!until.aborted) look();
    })
    // A browser may have it and refuse it.
    .catch(() => {});
  const clock = setInterval(look, CLOCK_MS);
  until.addEventListener('abort', () => clearInterval(clock));
  return {
    moment,
    tellsBattery: told.getBattery !== undefined,
    tellsLine: line !== undefined,
    end: () => ended.abort(),
  };
}

const isSame = (a: DeviceMoment, b: DeviceMoment): boolean =>
  a.isOnBattery === b.isOnBattery &&
  a.isMetered === b.isMetered &&
  a.isHidden === b.isHidden &&
  a.hour === b.hour;
