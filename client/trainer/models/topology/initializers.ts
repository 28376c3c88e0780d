import { fieldOf, own } from './json-fields.ts';
import { type Config, type ReadSetting, refuseSetting, type Setting } from './settings.ts';

/** What tf.layers reads of each initialiser's configuration. Seeds are left out: the run has its own. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  Zeros: [],
  Ones: [],
  Constant: ['value'],
  RandomUniform: ['minval', 'maxval'],
  RandomNormal: ['mean', 'stddev'],
  TruncatedNormal: ['mean', 'stddev'],
  VarianceScaling: ['scale', 'mode', 'distribution'],
  GlorotUniform: [],
  GlorotNormal: [],
  HeUniform: [],
  HeNormal: [],
  LeCunUniform: [],
  LeCunNormal: [],
};

/** Keras's names for what tf.layers calls otherwise. */
const renamed: Readonly<Record<string, string>> = {
  LecunUniform: 'LeCunUniform',
  LecunNormal: 'LeCunNormal',
};

/** tf.layers has them and cannot make them for convolutions. A network that comes with weights does not need them. */
const replaced: ReadonlySet<string> = new Set([
  ...['Orthogonal', 'OrthogonalInitializer', 'Identity', 'IdentityInitializer'],
]);
const REPLACEMENT = 'GlorotUniform';

/** Settings that cannot be below zero: tf.layers would draw for ever. */
const notNegative: ReadonlySet<string> = new Set(['stddev', 'scale']);

/** tf.layers has one distribution of this shape, and cuts it off. */
const UNTRUNCATED = 'untruncated_normal';

/** Settings that are words, of Keras and of tf.layers. All others are numbers. */
const words: Readonly<Record<string, readonly string[]>> = {
  mode: ['fan_in', 'fan_out', 'fan_avg', 'fanIn', 'fanOut', 'fanAvg'],
  distribution: ['normal', 'uniform', 'truncated_normal', 'truncatedNormal', UNTRUNCATED],
};

/** Reads an initialiser that Keras 2 or 3 or tf.layers wrote: as a name, or with its configuration. */
export const initializer: ReadSetting = setting => {
  const { key, layer, value } = setting;
  const given = typeof value === 'string' ? pascal(value) : fieldOf(value, 'class_name');
  if (typeof given === 'string' && replaced.has(given))
    return {
      config: { [key]: { class_name: REPLACEMENT, config: {} } },
      note: `${key} of layer ${layer} cannot be ${given} here: without weights of its own the network starts from ${REPLACEMENT}`,
    };
  const name = typeof given === 'string' ? (own(renamed, given) ?? given) : undefined;
  const known = name === undefined ? undefined : own(settingsOf, name);
  if (!known)
    return refuseSetting(
      setting,
      `there is no such initialiser: there is ${Object.keys(settingsOf).join(', ')}`,
    );
  return { config: { [key]: { class_name: name, config: configOf(setting, known) } } };
};

function configOf(setting: Setting, known: readonly string[]): Config {
  const given = fieldOf(setting.value, 'config');
  const entries = known.map(key => [key, fieldOf(given, key)] as const);
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      if (item === undefined || item === null) return [];
      const known = own(words, key);
      if (known && !known.some(word => word === item))
        return refuseSetting(setting, `its ${key} must be ${known.join(', ')}`);
      if (!known && !Number.isFinite(item)) return refuseSetting(setting, `its ${key} must be a number`);
      if (notNegative.has(key) && Number(item) < 0)
        return refuseSetting(setting, `its ${key} must be at least 0`);
      return [[key, item === UNTRUNCATED ? 'normal' : item]];
    }),
  );
}

/** `he_normal`, and `heNormal` of tf.layers, as `HeNormal`. */
const pascal = (name: string): string =>
  name
    .split('_')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
