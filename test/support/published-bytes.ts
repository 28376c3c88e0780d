import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { RunSpecInput } from '../../shared/protocol/run-spec.ts';
import { type Change, createTinyModel, type TinyModel } from './tiny-model.ts';

/**
 * Runs whose updates are known to the bit, and the shards that they published on the platform of November 2026, before its
 * rules came in two phases, and on that which made the clip of many rounds. A rule that publishes other bytes for these
 * updates is another rule.
 */
export interface KeptRun {
  readonly name: string;
  readonly model: () => TinyModel;
  readonly spec: Partial<RunSpecInput>;
  readonly volunteers: number;
  readonly rounds: number;
  readonly aggregation: 'mean' | 'clipped-mean';
  /** Left out if the rule has no clip. */
  readonly robust?: RunSpecInput['robust'];
  /** By round from 1, the first eight digits of the shards' SHA-256 by segment. */
  readonly published: readonly Readonly<Record<string, readonly string[]>>[];
}

/** Two roles, and a moving average of the teacher's kernel. */
const withAverage = {
  model: () => createTinyModel([3, 10], { decay: 0.5 }),
  spec: { training: { batch: 5 }, plan: { name: 'momentum-auxiliary', epochs: 2 }, rounds: 9 },
  volunteers: 4,
  rounds: 5,
} as const;

/** Everybody all of it; a tensor that lies in several shards. */
const inShards = {
  model: () => createTinyModel([700, 720]),
  spec: { plan: { name: 'conventional' }, rounds: 9 },
  volunteers: 3,
  rounds: 2,
} as const;

/** Volunteer i serves as student if i + round is even: two tasks, in turns. */
export const roleInTurn = (volunteer: number, round: number): Role =>
  (volunteer + round) % 2 === 0 ? 'student' : 'teacher';

/** Of every size between a thousandth and eight; the last volunteer's are fifty times the others'. */
export const keptChange = (round: number, volunteer: number, isLast: boolean): Change => {
  const boost = isLast ? 50 : 1;
  return (tensor, i) => {
    const draw =
      ((i + 1) * 7_919 + round * 104_729 + volunteer * 1_299_709 + tensor.length * 15_485_863) % 2_003;
    return (boost * (draw - 1_001)) / 6_400;
  };
};

export const keptRuns: readonly KeptRun[] = [
  {
    ...withAverage,
    name: 'two roles and a moving average',
    aggregation: 'mean',
    published: [
      {
        'segment-1': ['bb9536ef'],
        'head-1': ['6ba8eb87'],
        'segment-2': ['b2b4b665'],
        'average-2': ['0ba87e5f'],
      },
      {
        'segment-1': ['42ad1d6e'],
        'head-1': ['385876a5'],
        'segment-2': ['146b9107'],
        'average-2': ['debd6b57'],
      },
      {
        'segment-1': ['2d30a9e0'],
        'head-1': ['12802f2e'],
        'segment-2': ['d9016b01'],
        'average-2': ['0e8292e5'],
      },
      {
        'segment-1': ['4660a78f'],
        'head-1': ['38297db4'],
        'segment-2': ['328a1ec7'],
        'average-2': ['c522719a'],
      },
      {
        'segment-1': ['2f79d841'],
        'head-1': ['adc33a21'],
        'segment-2': ['d68ff451'],
        'average-2': ['92ab1e86'],
      },
    ],
  },
  {
    ...withAverage,
    name: 'two roles and a moving average',
    aggregation: 'clipped-mean',
    robust: { clip: 'three-rounds' },
    published: [
      {
        'segment-1': ['96e486b1'],
        'head-1': ['c63dcc89'],
        'segment-2': ['c8df83c1'],
        'average-2': ['21cc51e9'],
      },
      {
        'segment-1': ['cfeae0b7'],
        'head-1': ['168853df'],
        'segment-2': ['7383d8f1'],
        'average-2': ['7ea2219e'],
      },
      {
        'segment-1': ['2a9f5a5e'],
        'head-1': ['3a9ecc64'],
        'segment-2': ['73faf343'],
        'average-2': ['2c5ec2ec'],
      },
      {
        'segment-1': ['c3700bc0'],
        'head-1': ['dddd5c59'],
        'segment-2': ['95990261'],
        'average-2': ['37e42a50'],
      },
      {
        'segment-1': ['987612da'],
        'head-1': ['79f144ef'],
        'segment-2': ['04ce9d8d'],
        'average-2': ['c8201bd2'],
      },
    ],
  },
  {
    ...inShards,
    name: 'a tensor in several shards',
    aggregation: 'mean',
    published: [
      {
        'segment-1': ['3b2f8129'],
        'head-1': ['b33c26cc'],
        'segment-2': ['5970d6fb', '9b607ebd', 'ff71a531'],
      },
      {
        'segment-1': ['e4454e71'],
        'head-1': ['b33c26cc'],
        'segment-2': ['eae13669', 'b4e76a04', 'ac8d304e'],
      },
    ],
  },
  {
    ...inShards,
    name: 'a tensor in several shards',
    aggregation: 'clipped-mean',
    robust: { clip: 'three-rounds' },
    published: [
      {
        'segment-1': ['72494504'],
        'head-1': ['b33c26cc'],
        'segment-2': ['c645370b', 'b6d04e30', '3eaa881e'],
      },
      {
        'segment-1': ['8a4a93e1'],
        'head-1': ['b33c26cc'],
        'segment-2': ['243fa3f3', 'cc1da890', 'cde73015'],
      },
    ],
  },
  {
    ...withAverage,
    name: 'two roles, and the clip of many rounds',
    aggregation: 'clipped-mean',
    robust: { clip: 'many-rounds' },
    published: [
      {
        'segment-1': ['df25a053'],
        'head-1': ['a22664f1'],
        'segment-2': ['b627b632'],
        'average-2': ['f383d09e'],
      },
      {
        'segment-1': ['6ea6eab2'],
        'head-1': ['44871530'],
        'segment-2': ['3acf358e'],
        'average-2': ['549761d1'],
      },
      {
        'segment-1': ['ce731ef4'],
        'head-1': ['5a79ecc3'],
        'segment-2': ['f4aa717f'],
        'average-2': ['fe53da25'],
      },
      {
        'segment-1': ['ef7fadc0'],
        'head-1': ['3ca7eafc'],
        'segment-2': ['b673a458'],
        'average-2': ['2f553798'],
      },
      {
        'segment-1': ['d6c49f5f'],
        'head-1': ['d530b15b'],
        'segment-2': ['ba470e93'],
        'average-2': ['96c96e3a'],
      },
    ],
  },
  {
    ...withAverage,
    name: 'two roles, and the clip of many rounds from norms of the host',
    aggregation: 'clipped-mean',
    robust: { clip: 'many-rounds', norms: { 'segment-1,head-1': 2, 'segment-2': 4 } },
    published: [
      {
        'segment-1': ['a1b2f44a'],
        'head-1': ['d4cff1e5'],
        'segment-2': ['b2b4b665'],
        'average-2': ['0ba87e5f'],
      },
      {
        'segment-1': ['283b6d23'],
        'head-1': ['efa5eccb'],
        'segment-2': ['7b3efbb7'],
        'average-2': ['0390b757'],
      },
      {
        'segment-1': ['29597995'],
        'head-1': ['2a3dc038'],
        'segment-2': ['0a07b849'],
        'average-2': ['e8b26e37'],
      },
      {
        'segment-1': ['463cbd12'],
        'head-1': ['1316c594'],
        'segment-2': ['28263570'],
        'average-2': ['da0fbce2'],
      },
      {
        'segment-1': ['e10837e1'],
        'head-1': ['070461b9'],
        'segment-2': ['b7dd5b81'],
        'average-2': ['f6d5e814'],
      },
    ],
  },
];

/** As `published` has them. */
export const shownHashes = ({ segments }: Manifest): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(segments).map(([id, { shards }]) => [id, shards.map(({ sha256 }) => sha256.slice(0, 8))]),
  );
