import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/**
 * A text as a picture for phones. It is dark on light in both schemes, because cameras expect that. The library comes
 * after the page is shown. If it does not come, the place stays empty: the text itself stands beside the picture.
 */
export function QrCode({ text, label }: { text: string; label: string }) {
  const svg = useSignal('');
  // A page is drawn anew at every few events, and to make the picture takes longer than all the rest of it.
  useEffect(() => {
    const draw = async (): Promise<void> => {
      const { drawQrCode } = await import('./draw-qr-code.ts');
      svg.value = drawQrCode(text);
    };
    void draw().catch(() => {});
  }, [text]);
  return (
    <div
      class="qr"
      role="img"
      aria-label={label}
      // The library draws rectangles only: nothing of the text gets into the markup.
      dangerouslySetInnerHTML={{ __html: svg.value }}
    />
  );
}
