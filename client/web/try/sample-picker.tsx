import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { pixelsPerImage } from '../../../shared/protocol/part-size.ts';
import type { Samples } from '../../trainer/trainer-api.ts';
import { problemText } from '../words/problem-text.ts';
import { tryWords } from '../words/try-words.ts';
import { PixelCanvas } from './pixel-canvas.tsx';
import { kindOf, type Subject } from './subject.ts';

/** How many are shown at once. */
const SHOWN = 12;

interface SamplePickerProps {
  readonly subject: Subject;
  /** With the class that it is of. */
  readonly onPick: (pixels: Uint8Array, label: number) => void;
}

/** Pictures that nobody trains on, each a button: the way to try the network by keyboard. */
export function SamplePicker({ subject, onPick }: SamplePickerProps) {
  const words = tryWords();
  const samples = useSignal<Samples | null>(null);
  const problem = useSignal<string | null>(null);
  const from = useSignal(0);
  useEffect(() => {
    subject.samples().then(
      loaded => (samples.value = loaded),
      (error: unknown) => (problem.value = problemText(error)),
    );
  }, [subject]);

  const loaded = samples.value;
  const kind = kindOf(subject);
  if (problem.value !== null)
    return (
      <p class="error" role="alert">
        {words.noSamples(problem.value, kind)}
      </p>
    );
  if (!loaded) return <p aria-busy="true">{words.loadingSamples(kind)}</p>;
  const size = pixelsPerImage(loaded.shape);
  const count = loaded.labels.length;
  const shown = Array.from({ length: Math.min(SHOWN, count) }, (_, i) => (from.value + i) % count);
  return (
    <div class="samples">
      <ul aria-label={words.samples(kind)}>
        {shown.map((index, place) => {
          const pixels = loaded.pixels.subarray(index * size, (index + 1) * size);
          const label = loaded.labels[index] ?? 0;
          return (
            <li key={index}>
              <button
                type="button"
                class="sample"
                aria-label={words.sample(place + 1, subject.classNames[label] ?? '', kind)}
                onClick={() => onPick(pixels.slice(), label)}
              >
                {subject.columns ? (
                  subject.classNames[label]
                ) : (
                  <PixelCanvas pixels={pixels} shape={loaded.shape} />
                )}
              </button>
            </li>
          );
        })}
      </ul>
      {count > SHOWN && (
        <button
          type="button"
          class="secondary outline"
          onClick={() => (from.value = (from.value + SHOWN) % count)}
        >
          {words.otherSamples}
        </button>
      )}
    </div>
  );
}
