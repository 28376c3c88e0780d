/** A frame for anybody's page. Whatever a host has called the run, it is no markup there. */
export const embedCode = (address: string, name: string): string =>
  `<iframe src="${address}" title="${asAttribute(name)}" width="100%" height="640" style="border:0" allow="camera" loading="lazy"></iframe>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

const asAttribute = (text: string): string => text.replace(/[&"<>]/g, char => entities[char] ?? char);
