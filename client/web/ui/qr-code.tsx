import { useMemo } from 'preact/hooks';
import { renderSVG } from 'uqr';

/** A text as a picture for phones. It is dark on light in both schemes, because cameras expect that. */
export function QrCode({ text, label }: { text: string; label: string }) {
  // A page is drawn anew at every few events, and to make the picture takes longer than all the rest of it.
  const svg = useMemo(() => renderSVG(text, { border: 2 }), [text]);
  return (
    <div
      class="qr"
      role="img"
      aria-label={label}
      // The library draws rectangles only: nothing of the text gets into the markup.
      dangerouslySetInnerHTML={{ __html: svg }}
    />
  );
}
