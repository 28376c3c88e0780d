import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { problemText } from '../words/problem-text.ts';
import { tryWords } from '../words/try-words.ts';
import type { Seen } from './prepare/picture-of.ts';

/** Between two looks. An answer may take longer: then the next look waits for it. */
const LOOK_MS = 250;

interface CameraProps {
  readonly onSeen: (seen: Seen) => void;
}

/** The camera of this device. What it sees stays in this tab. It runs only while this is shown and somebody has started it. */
export function Camera({ onSeen }: CameraProps) {
  const words = tryWords();
  const video = useRef<HTMLVideoElement>(null);
  const stream = useSignal<MediaStream | null>(null);
  const problem = useSignal<string | null>(null);
  const isShown = useRef(true);
  const stop = (): void => {
    if (stream.value) switchOff(stream.value);
    stream.value = null;
  };
  const start = async (): Promise<void> => {
    problem.value = null;
    try {
      const opened = await openCamera();
      // A person takes a while to allow it, and may have gone on to something else.
      if (isShown.current) stream.value = opened;
      else switchOff(opened);
    } catch (error) {
      problem.value = words.noCamera(whyNoCamera(error), problemText(error));
    }
  };

  useEffect(
    () => () => {
      isShown.current = false;
      stop();
    },
    [],
  );
  const running = stream.value;
  useEffect(() => {
    const shown = video.current;
    if (!shown || !running) return undefined;
    shown.srcObject = running;
    void shown.play().catch(() => {});
    const look = (): void => {
      if (shown.videoWidth > 0 && document.visibilityState === 'visible')
        onSeen({ source: shown, width: shown.videoWidth, height: shown.videoHeight });
    };
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [running]);

  return (
    <div class="camera">
      <video ref={video} playsInline muted hidden={!running} aria-label={words.cameraShows} />
      <button
        type="button"
        class={running ? 'secondary' : ''}
        onClick={() => (running ? stop() : void start())}
      >
        {running ? words.stopCamera : words.startCamera}
      </button>
      {problem.value !== null && (
        <p class="error" role="alert">
          {problem.value}
        </p>
      )}
      <p class="muted note">{words.cameraStaysHere}</p>
    </div>
  );
}

/** @throws DOMException with the reason as its name, or TypeError if the page may not ask */
const openCamera = (): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: 'environment' } } });

function switchOff(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

export type WhyNoCamera = 'insecure' | 'refused' | 'none' | 'busy' | 'other';

function whyNoCamera(error: unknown): WhyNoCamera {
  // Browsers have no `mediaDevices` on a page that came over http from another device.
  if (!navigator.mediaDevices) return 'insecure';
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  return name === 'NotReadableError' ? 'busy' : 'other';
}
