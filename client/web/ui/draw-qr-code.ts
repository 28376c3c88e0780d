import { renderSVG } from 'uqr';

/** The code of a text as SVG, with the quiet edge that cameras need. Whoever shows it says what it is, so it has no name. */
export const drawQrCode = (text: string): string =>
  renderSVG(text, { border: 2 }).replace('<svg ', '<svg aria-hidden="true" ');
