import { expose } from 'comlink';
import { createTrainer } from './create-trainer.ts';

/** Entry of the browser's dedicated module worker. */
expose(createTrainer());
