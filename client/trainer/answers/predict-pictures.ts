import type { WorkPace } from '../lease/work-pace.ts';
import type { Loaded } from '../models/segment-models.ts';
import type { Guess, PredictJob } from '../trainer-api.ts';
import { eachAnswer } from './each-answer.ts';

/** The likeliest classes of each picture. A network that says what is no number names none. */
export async function predictPictures(job: PredictJob, loaded: Loaded, pace: WorkPace): Promise<Guess[][]> {
  const guesses: Guess[][] = [];
  await eachAnswer(job, loaded, job.pictures, pace, (_, logShares) => {
    guesses.push(likeliest(logShares, job.most));
  });
  return guesses;
}

const likeliest = (logShares: Float32Array, most: number): Guess[] =>
  Array.from(logShares, (logShare, label) => ({ label, share: Math.exp(logShare) }))
    .filter(({ share }) => !Number.isNaN(share))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, most);
