import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RunView } from '../../../../shared/protocol/run-view.ts';
import { shownAccuracy } from '../../../../shared/view/shown-accuracy.ts';
import { formatBytes, formatCount, formatPercent } from '../../ui/format.ts';
import { saveFile } from '../../ui/save-file.ts';
import { volunteerWords } from '../../words/volunteer-words.ts';
import type { VolunteerTotals } from '../volunteer-totals.ts';
import { CARD_HEIGHT, CARD_WIDTH } from './card-size.ts';
import type { CardText } from './draw-card.ts';

interface CardProps {
  /** The run's name. */
  readonly run: string;
  readonly totals: VolunteerTotals;
  readonly view: RunView;
}

/** A picture of what this browser added, to send to others or to keep. Nothing is shown before it has added something. */
export function ContributionCard(props: CardProps) {
  const isOpen = useSignal(false);
  if (props.totals.contributions === 0) return null;
  return (
    <details class="contribution-card" onToggle={event => (isOpen.value = event.currentTarget.open)}>
      <summary>{volunteerWords().card}</summary>
      {isOpen.value && <Card text={cardTextOf(props)} />}
    </details>
  );
}

/** An accuracy that nobody confirmed is only somebody's word, so it does not stand on the card. */
export function cardTextOf({ run, totals, view }: CardProps): CardText {
  const words = volunteerWords();
  const tested = shownAccuracy(view);
  const { contributions, bytesUp } = totals;
  return {
    title: words.cardTitle(run),
    lines: [
      words.cardContributions(contributions, formatCount(contributions)),
      words.cardSent(formatBytes(bytesUp)),
      ...(tested && !tested.unconfirmed
        ? [words.cardAccuracy(tested.version, formatPercent(tested.accuracy))]
        : []),
    ],
    about: words.cardAbout,
    address: location.host,
  };
}

function Card({ text }: { text: CardText }) {
  const words = volunteerWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const hasFailed = useSignal(false);
  useEffect(() => {
    const draw = async (): Promise<void> => {
      // Most who look at a run never open their card.
      const { drawCard } = await import('./draw-card.ts');
      if (canvas.current) drawCard(canvas.current, text);
    };
    void draw().catch(() => (hasFailed.value = true));
  }, [JSON.stringify(text)]);
  const pass = (): void => {
    hasFailed.value = false;
    if (canvas.current) void passOn(canvas.current, text.title).catch(() => (hasFailed.value = true));
  };
  const alt = [text.title, ...text.lines].join('. ');
  return (
    <>
      <canvas ref={canvas} width={CARD_WIDTH} height={CARD_HEIGHT} role="img" aria-label={alt} />
      <button type="button" class="secondary" onClick={pass} data-testid="share-card">
        {canShareFiles() ? words.cardShare : words.cardSave}
      </button>
      {hasFailed.value && (
        <p class="error" role="alert">
          {words.cardFailed}
        </p>
      )}
    </>
  );
}

const fileOf = (picture: Blob): File => new File([picture], 'homeroom.png', { type: 'image/png' });

const canShareFiles = (): boolean => navigator.canShare?.({ files: [fileOf(new Blob([]))] }) ?? false;

/** Hands the picture to the device's own dialogue, or saves it if there is none. */
async function passOn(canvas: HTMLCanvasElement, title: string): Promise<void> {
  const picture = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
  if (!picture) throw new Error('no picture');
  if (canShareFiles()) return share(fileOf(picture), title);
  saveFile('homeroom.png', picture.type, picture);
}

/** Whoever closes the dialogue has changed their mind, which is no failure. */
async function share(file: File, title: string): Promise<void> {
  try {
    await navigator.share({ files: [file], title });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  }
}
