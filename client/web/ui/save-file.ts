/** Browsers read the file after the click, at some moment. Then it may be forgotten. */
const KEPT_MS = 60_000;

/** Hands a file to the person, as a download. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
