import { problemText } from '../words/problem-text.ts';
import '../styles/try.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { formatPercent } from '../ui/format.ts';
import { tryWords } from '../words/try-words.ts';
import { AnswerList } from './answer-list.tsx';
import { Camera } from './camera.tsx';
import { DrawPad } from './draw-pad.tsx';
import { PictureField } from './picture-field.tsx';
import { PixelCanvas } from './pixel-canvas.tsx';
import type { Stroke } from './prepare/fit-strokes.ts';
import { pictureOf, pictureOfStrokes, type Seen } from './prepare/picture-of.ts';
import { readPicture } from './prepare/read-picture.ts';
import { SamplePicker } from './sample-picker.tsx';
import { kindOf, type Subject } from './subject.ts';
import { TableForm } from './table-form.tsx';
import { useAnswers } from './use-answers.ts';
import { dropTarget, usePastedPicture } from './use-pictures.ts';
import { useSettled } from './use-settled.ts';

/** A text of the status that has not changed for so long is read out. */
const SETTLED_MS = 700;

type Way = 'draw' | 'picture' | 'camera' | 'numbers' | 'samples';

/** How a network can be asked; the first is chosen. Networks without test pictures have none to offer. */
const waysOf = ({ columns, shape }: Subject, hasSamples: boolean): readonly Way[] => {
  const pictures: Way[] =
    shape.channels === 1 ? ['draw', 'picture', 'camera'] : ['picture', 'camera', 'draw'];
  return [...(columns ? (['numbers'] as const) : pictures), ...(hasSamples ? (['samples'] as const) : [])];
};

interface TryBoardProps {
  readonly subject: Subject;
  readonly hasSamples: boolean;
}

/** Shows a network a picture or a row of numbers, and what it makes of it. */
export function TryBoard({ subject, hasSamples }: TryBoardProps) {
  const words = tryWords();
  const { asking, ask, clear, complain } = useAnswers(subject);
  const ways = waysOf(subject, hasSamples);
  const way = useSignal<Way>(ways[0] ?? 'picture');
  const truth = useSignal<number | null>(null);
  const name = useId();

  const show = (pixels: Uint8Array, label: number | null = null): void => {
    truth.value = label;
    ask(pixels);
  };
  const prepare = async (make: () => Promise<Uint8Array>): Promise<void> => {
    try {
      show(await make());
    } catch (error) {
      complain(problemText(error));
    }
  };
  const onDrawn = (strokes: readonly Stroke[]): void =>
    void prepare(async () => pictureOfStrokes(strokes, await subject.style(), subject.shape));
  const onSeen = (seen: Seen): void =>
    void prepare(async () => pictureOf(seen, await subject.style(), subject.shape));
  const onFile = (file: File): void =>
    void prepare(async () => {
      const style = await subject.style();
      const bitmap = await readPicture(file).catch((error: unknown) => {
        throw new Error(words.badPicture(file.name, problemText(error)));
      });
      const { width, height } = bitmap;
      const pixels = pictureOf({ source: bitmap, width, height }, style, subject.shape);
      bitmap.close();
      return pixels;
    });
  const takesPictures = !subject.columns;
  usePastedPicture(takesPictures ? onFile : () => {});
  const choose = (next: Way): void => {
    way.value = next;
    truth.value = null;
    clear();
  };

  return (
    <div class="try-board" {...(takesPictures ? dropTarget(([file]) => file && onFile(file)) : {})}>
      <div class="try-in">
        <fieldset class="ways">
          <legend class="visually-hidden">{words.howToAsk}</legend>
          {ways.map(each => (
            <label key={each} class={way.value === each ? 'way chosen' : 'way'}>
              <input type="radio" name={name} checked={way.value === each} onChange={() => choose(each)} />
              {each === 'samples' ? words.samples(kindOf(subject)) : words.ways[each]}
            </label>
          ))}
        </fieldset>
        {way.value === 'draw' && <DrawPad onDrawn={onDrawn} onClear={clear} />}
        {way.value === 'picture' && <PictureField onFile={onFile} />}
        {way.value === 'camera' && <Camera onSeen={onSeen} />}
        {way.value === 'numbers' && subject.columns && (
          <TableForm columns={subject.columns} onRow={pixels => show(pixels)} onWrong={clear} />
        )}
        {way.value === 'samples' && <SamplePicker subject={subject} onPick={show} />}
      </div>
      <Out subject={subject} asking={asking.value} truth={truth.value} />
    </div>
  );
}

interface OutProps {
  readonly subject: Subject;
  readonly asking: ReturnType<typeof useAnswers>['asking']['value'];
  readonly truth: number | null;
}

/** What the network sees, and what it says. */
function Out({ subject, asking, truth }: OutProps) {
  const words = tryWords();
  const { pixels, answer, isBusy, problem } = asking;
  const [first] = answer?.guesses ?? [];
  const firstName = first ? (subject.classNames[first.label] ?? '') : '';
  const said = useSettled(first ? words.says(firstName, formatPercent(first.share, 0)) : '', SETTLED_MS);
  return (
    <div class="try-out">
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {pixels && !subject.columns && (
        <figure class="network-sees">
          <PixelCanvas pixels={pixels} shape={subject.shape} />
          <figcaption class="muted">{words.networkSees}</figcaption>
        </figure>
      )}
      {problem !== null && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      {answer && <AnswerList answer={answer} classNames={subject.classNames} truth={truth} />}
      {!answer && isBusy && <p aria-busy="true">{words.asking}</p>}
      {!answer && !isBusy && problem === null && <p class="muted">{words.nothingYet}</p>}
    </div>
  );
}
