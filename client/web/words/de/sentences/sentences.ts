/** English sentences, each `{}` in which is something that differs, with the German ones, which name it by its number. */
export type Sentences = Readonly<Record<string, string>>;
