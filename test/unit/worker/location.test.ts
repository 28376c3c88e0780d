import { expect, it } from 'vitest';
import { locationNear, near } from '../../../worker/location.ts';

it.each([
  [{ continent: 'NA', country: 'US', longitude: '-122.4' }, 'wnam'],
  [{ continent: 'NA', country: 'US', longitude: '-74.0' }, 'enam'],
  [{ continent: 'NA', country: 'CA' }, 'enam'],
  [{ continent: 'EU', country: 'FR', longitude: '2.35' }, 'weur'],
  [{ continent: 'EU', country: 'PL', longitude: '21.0' }, 'eeur'],
  [{ continent: 'SA', country: 'BR', longitude: '-46.6' }, 'sam'],
  [{ continent: 'AS', country: 'JP', longitude: '139.7' }, 'apac'],
  [{ continent: 'AS', country: 'AE', longitude: '55.3' }, 'me'],
  [{ continent: 'AF', country: 'EG', longitude: '31.2' }, 'me'],
  [{ continent: 'AF', country: 'KE', longitude: '36.8' }, 'afr'],
  [{ continent: 'OC', country: 'NZ', longitude: '174.8' }, 'oc'],
])('the objects of a host at %o are made in %s', (cf, region) => {
  expect(locationNear(cf)).toBe(region);
});

it('the platform chooses if it does not say where the caller is', () => {
  for (const cf of [undefined, null, {}, { continent: 'AN' }, { continent: 7 }, { country: 'T1' }])
    expect(locationNear(cf)).toBeNull();
  expect(near(null)).toBeUndefined();
  expect(near('weur')).toEqual({ locationHint: 'weur' });
});
