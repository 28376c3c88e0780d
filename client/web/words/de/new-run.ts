import type { NewRunWords } from '../en/new-run.ts';

export const newRun: NewRunWords = {
  suggestedName: (pictures, day) => `${pictures}, ${day}`,
  suggestedAgain: (name, again) => `${name} (${again})`,
  glyphsName: 'Ziffern',
  startingTrainer: 'Der Trainer startet …',
  building: 'Das Netz wird gebaut …',
  measuring: 'Ein kurzes Training zeigt, wie groß Updates sind …',
  uploading: (done, total) => `Hochladen: ${done} von ${total} Teilen`,
};
