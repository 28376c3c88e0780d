import { describe, it } from 'vitest';
import { expectRefusal } from '../../support/expect-refusal.ts';

describe('a plan that cannot be is refused in one line with what to do', () => {
  it.each([
    [
      'a network that is not in the zoo',
      ['plan', 'gpt'],
      /^homeroom: 'gpt' is no model\. There is no such network, and no such file\. It takes cnn, .*densenet-28-12, or the path of a model\.json.*-bn, for batch norm/,
    ],
    [
      'a network’s file that is not there',
      ['plan', '/nowhere/model.json'],
      /nowhere\/model.json cannot be read/,
    ],
    [
      'a cut that no layer has, with some that there are',
      ['plan', 'cnn-5', '--cut', 'pool9'],
      /cnn-5 cannot be cut after pool9: it has no such layer.*can be cut after conv1-1.* and \d+ other layers/,
    ],
    [
      'cuts against the network’s order',
      ['plan', 'cnn-5', '--cut', 'pool2,pool1'],
      /cut after pool2, then after pool1, which comes before it/,
    ],
    ['more segments than there are cuts', ['plan', 'cnn', '--segments', '9'], /cnn.*at most 3 segments/],
    [
      'one segment for a plan that wants two',
      ['plan', 'cnn', '--segments', '1'],
      /layer-to-layer wants a network of two segments or more/,
    ],
    [
      'segments and cuts that contradict each other',
      ['plan', 'cnn', '--segments', '2', '--cut', 'pool1'],
      /'--segments <k>' cannot be used with option '--cut <layers>'/,
    ],
    ['a plan that there is not', ['plan', 'cnn', '--plan', 'osmosis'], /osmosis.*layer-to-layer/],
    ['a crowd of nobody', ['cost', '--volunteers', '0'], /--volunteers.*whole number from 1 to 10000000/],
    ['more minutes than a day has', ['cost', '--minutes', '1441'], /--minutes.*whole number from 1 to 1440/],
    ['a lease of no time', ['cost', '--lease-seconds', '0'], /--lease-seconds.*seconds from 0\.1 to 3600/],
    ['a network that no zoo has', ['cost', '--model', './model.json'], /--model.*Allowed choices are cnn/],
    ['a shape that is none', ['plan', 'cnn', '--input', '32x32'], /'32x32' is invalid.*as 32x32x3/],
    ['a picture without pixels', ['plan', 'cnn', '--input', '0x32x3'], /'0x32x3' is invalid.*as 32x32x3/],
    [
      'a setting that the plan has not, with those it has',
      ['plan', 'cnn', '--plan', 'growing', '--set', 'growAt=0.4'],
      /--set growAt=0\.4: growing has no such setting: it has epochs/,
    ],
    [
      'settings by which a part would never be trained',
      ['plan', 'cnn', '--plan', 'growing-together', '--set', 'growAt=1'],
      /growing-together.* never trains segment-2|growing-together.*growAt/,
    ],
  ])('%s', (_, args, words) => expectRefusal(args, words));
});
