import { renderSVG } from 'uqr';

/** The code of a text as SVG, with the quiet edge that cameras need. */
export const drawQrCode = (text: string): string => renderSVG(text, { border: 2 });
