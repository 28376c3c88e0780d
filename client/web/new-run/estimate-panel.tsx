import { type RunEstimate, roundSeconds } from '../../host/estimate-run.ts';
import { formatBytes } from '../ui/format.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { newRunWords } from '../words/new-run-words.ts';
import { deviceSpeed, measureDevice } from './device-speed.ts';
import { formatLength } from './format-length.ts';

interface EstimatePanelProps {
  /** Null if the costs are not known. */
  readonly estimate: RunEstimate | null;
  readonly rounds: number;
}

/** How long the run takes, and what it asks of volunteers, before anything is made. */
export function EstimatePanel({ estimate, rounds }: EstimatePanelProps) {
  const words = newRunWords().estimate;
  return (
    <section class="card" aria-labelledby="estimate-title" data-testid="estimate">
      <h2 id="estimate-title">{words.title}</h2>
      {estimate ? (
        <>
          <LengthLine estimate={estimate} rounds={rounds} />
          <p>
            {words.traffic(formatBytes(estimate.downloadBytes), formatBytes(estimate.uploadBytes))}{' '}
            {words.memory(formatBytes(estimate.memoryBytes[1]))}
          </p>
        </>
      ) : (
        <p>{words.unknown}</p>
      )}
    </section>
  );
}

function LengthLine({ estimate, rounds }: { estimate: RunEstimate; rounds: number }) {
  const words = newRunWords().estimate;
  const speed = deviceSpeed();
  if (speed.kind === 'known') {
    const seconds = roundSeconds(estimate, speed.macsPerSecond);
    return (
      <p aria-live="polite" data-testid="run-length">
        {words.length(formatLength(rounds * seconds))} {words.round(formatLength(seconds))}.
      </p>
    );
  }
  return (
    <p aria-live="polite">
      {speed.kind === 'failed' ? words.notMeasurable(speed.why) : words.notMeasured}{' '}
      <LinkButton
        text={speed.kind === 'measuring' ? words.measuring : words.measure}
        isBusy={speed.kind === 'measuring'}
        onClick={() => void measureDevice()}
        testId="measure-device"
      />
    </p>
  );
}
