import { useMemo } from 'preact/hooks';
import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { estimateRun, type RunEstimate } from '../../../host/estimate-run.ts';
import { formatBytes, formatShortCount } from '../../ui/format.ts';
import { networksWords } from '../../words/networks-words.ts';
import { outlineOf } from '../check-network-fields.ts';
import { deviceSpeed } from '../device-speed.ts';
import { formatLength } from '../format-length.ts';

/** Cards compare networks cut in two. */
const SEGMENTS = 2;

/** Size, cost and time of a network, for these pictures and this plan. */
export function NetworkFigures({ name, spec }: { name: string; spec: RunSpec | null }) {
  const words = networksWords();
  const estimate = useMemo(() => spec && estimateOf(name, spec), [name, spec && costsKey(spec)]);
  if (!spec) return null;
  return <p class="network-figures muted">{estimate ? figuresOf(estimate).join(' · ') : words.notServed}</p>;
}

function estimateOf(name: string, spec: RunSpec): RunEstimate | null {
  const outline = outlineOf(spec, name, SEGMENTS);
  return outline && estimateRun(spec, outline);
}

/** All of a spec that a network's costs depend on. The form is read at every key that is pressed. */
const costsKey = ({ dataset, plan, rounds, training, codec }: RunSpec): string =>
  JSON.stringify([dataset.name, plan, Math.min(rounds, 100), training.batch, training.partsPerLease, codec]);

function figuresOf(estimate: RunEstimate): string[] {
  const words = networksWords();
  const speed = deviceSpeed();
  return [
    words.size(formatShortCount(estimate.parameters), formatBytes(estimate.bytes)),
    words.cost(formatShortCount(estimate.pictureMacs)),
    words.traffic(formatBytes(estimate.downloadBytes), formatBytes(estimate.uploadBytes)),
    ...(speed.kind === 'known' ? [words.round(formatLength(estimate.roundMacs / speed.macsPerSecond))] : []),
  ];
}
