import { useMemo } from 'preact/hooks';
import { type ExampleKind, exampleKind } from '../../../../shared/protocol/dataset.ts';
import { estimateRun, type RunEstimate, roundSeconds } from '../../../host/estimate-run.ts';
import { formatBytes, formatShortCount } from '../../ui/format.ts';
import { networksWords } from '../../words/networks-words.ts';
import { outlineOf } from '../check-network-fields.ts';
import { deviceSpeed } from '../device-speed.ts';
import { formatLength } from '../format-length.ts';
import type { FormReading } from '../read-new-run-form.ts';

/** Cards compare networks cut in two. */
const SEGMENTS = 2;

/**
 * Size, cost and time of a network, for these pictures and this plan. While something in the form is wrong, there is nothing
 * to work them out from.
 */
export function NetworkFigures({ name, reading }: { name: string; reading: FormReading }) {
  const words = networksWords();
  const estimate = useMemo(() => estimateOf(name, reading), [name, costsKey(reading)]);
  if (!reading.ok) return null;
  return (
    <p class="network-figures muted">
      {estimate ? figuresOf(estimate, exampleKind(reading.spec.dataset)).join(' · ') : words.notServed}
    </p>
  );
}

function estimateOf(name: string, reading: FormReading): RunEstimate | null {
  if (!reading.ok) return null;
  const { spec, choices } = reading;
  const outline = outlineOf(spec, name, SEGMENTS);
  return outline && estimateRun(spec, outline, choices.holdsBack ?? true);
}

/** All of a spec that a network's costs depend on. The form is read at every key that is pressed. */
function costsKey(reading: FormReading): string {
  if (!reading.ok) return '';
  const { dataset, plan, rounds, training, codec } = reading.spec;
  const { holdsBack } = reading.choices;
  return JSON.stringify([
    ...[dataset.name, plan, Math.min(rounds, 100), training.batch, training.partsPerLease, codec, holdsBack],
  ]);
}

function figuresOf(estimate: RunEstimate, kind: ExampleKind): string[] {
  const words = networksWords();
  const speed = deviceSpeed();
  return [
    words.size(formatShortCount(estimate.parameters), formatBytes(estimate.bytes)),
    words.cost(formatShortCount(estimate.pictureMacs), kind),
    words.traffic(formatBytes(estimate.downloadBytes), formatBytes(estimate.uploadBytes)),
    ...(speed.kind === 'known'
      ? [words.round(formatLength(roundSeconds(estimate, speed.macsPerSecond)))]
      : []),
  ];
}
