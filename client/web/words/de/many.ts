export const many = (count: number, one: string, more: string): string =>
  `${count.toLocaleString('de')} ${count === 1 ? one : more}`;
