import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, it } from 'vitest';
import { Camera } from '../../client/web/try/camera.tsx';
import { loadTryWords } from '../../client/web/words/language.ts';

/** In the place of a camera, which no DOM in Node has. It opens when it is told to. */
function lendCamera() {
  const asked = Promise.withResolvers<MediaStream>();
  let isOn = true;
  const track = { stop: () => (isOn = false) };
  Object.defineProperty(navigator, 'mediaDevices', {
    configurable: true,
    value: { getUserMedia: () => asked.promise },
  });
  const stream = Object.assign(new MediaStream(), { getTracks: () => [track] });
  return { allow: () => asked.resolve(stream), isOn: () => isOn };
}

afterEach(() => void Reflect.deleteProperty(navigator, 'mediaDevices'));

/** Effects run behind a frame, and long before a person allows anything. */
const effectsToRun = (): Promise<void> =>
  new Promise(resolve => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve))));

it('a camera that is allowed after its panel was left is switched off again', async () => {
  await loadTryWords();
  const camera = lendCamera();
  const { unmount } = render(<Camera onSeen={() => {}} />);
  await effectsToRun();
  fireEvent.click(screen.getByRole('button'));
  await effectsToRun();
  unmount();
  await effectsToRun();
  camera.allow();
  await waitFor(() => expect(camera.isOn()).toBe(false));
});
