import { type GraphLayer, ModelRefusal } from '../model-graph.ts';
import { fieldOf, own } from './json-fields.ts';
import type { LayerClass } from './layer-classes.ts';
import { type Config, type KerasVersion, refuseSetting, type Setting } from './settings.ts';

export interface ReadSettings {
  readonly config: Config;
  readonly notes: readonly string[];
}

/**
 * Reads every setting of a layer by its class's table. A setting that is null is one that is left out.
 * @throws ModelRefusal for a setting that the table does not know, that is not possible, or that is missing
 */
export function readSettings(
  { name, className, config }: GraphLayer,
  { settings, required = [], defaults = {}, refusedNulls = {} }: LayerClass,
  keras: KerasVersion,
): ReadSettings {
  const settingOf = (key: string, value: unknown): Setting => ({ layer: name, className, key, value, keras });
  for (const [key, why] of Object.entries(refusedNulls))
    if (config[key] === null) refuseSetting(settingOf(key, null), why);
  const set = Object.entries(config)
    .map(([key, value]) => [key, withoutNumpy(value)] as const)
    .filter(([, value]) => value !== null);
  const given = Object.entries({ ...defaults, ...Object.fromEntries(set) });
  const readings = given.map(([key, value]) => {
    const setting = settingOf(key, value);
    const read = own(settings, key);
    return read ? read(setting) : refuseSetting(setting, unknownSetting(settings));
  });
  const missing = required.find(key => !given.some(([known]) => known === key));
  if (missing !== undefined)
    throw new ModelRefusal(`layer ${name} (${className}) does not say its ${missing}`);
  return {
    config: Object.assign({}, ...readings.map(reading => reading.config)),
    notes: readings.flatMap(({ note }) => note ?? []),
  };
}

/** Keras 2 may write a number as numpy has it: `{ type: 'ndarray', value: 6 }`. */
const withoutNumpy = (value: unknown): unknown =>
  fieldOf(value, 'type') === 'ndarray' ? fieldOf(value, 'value') : value;

const unknownSetting = (settings: LayerClass['settings']): string =>
  `such a setting is not known here. There is ${Object.keys(settings).join(', ')}`;
