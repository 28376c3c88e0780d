import { signal } from '@preact/signals';
import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it } from 'vitest';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import { changeManners, Guest, mannersNow } from '../../client/web/volunteering/manners/guest.ts';
import { keptManners, type Manners, usualManners } from '../../client/web/volunteering/manners/manners.ts';
import { MannersFields } from '../../client/web/volunteering/manners/manners-fields.tsx';
import {
  type DeviceMoment,
  type RestReason,
  whyResting,
} from '../../client/web/volunteering/manners/why-resting.ts';

const plugged: DeviceMoment = { isOnBattery: false, isMetered: false, isHidden: false, hour: 12 };

afterEach(() => changeManners(usualManners));

describe('a guest’s device rests', () => {
  it.each<[Partial<DeviceMoment>, Partial<Manners>, RestReason | null]>([
    [{}, {}, null],
    [{ isOnBattery: true }, {}, 'battery'],
    [{ isOnBattery: true }, { onBattery: true }, null],
    [{ isMetered: true }, {}, 'metered'],
    [{ isMetered: true }, { onMetered: true }, null],
    [{ isHidden: true }, {}, null],
    [{ isHidden: true }, { whenHidden: false }, 'hidden'],
    [{ isHidden: true, isOnBattery: true }, { whenHidden: false }, 'battery'],
    [{ hour: 21 }, { hours: { from: 22, to: 6 } }, 'hours'],
    [{ hour: 22 }, { hours: { from: 22, to: 6 } }, null],
    [{ hour: 5 }, { hours: { from: 22, to: 6 } }, null],
    [{ hour: 6 }, { hours: { from: 22, to: 6 } }, 'hours'],
    [{ hour: 8 }, { hours: { from: 9, to: 17 } }, 'hours'],
    [{ hour: 16 }, { hours: { from: 9, to: 17 } }, null],
    [{ hour: 3 }, { hours: { from: 9, to: 9 } }, null],
  ])('at %j with %j: %s', (moment, manners, reason) => {
    expect(whyResting({ ...usualManners, ...manners }, { ...plugged, ...moment })).toBe(reason);
  });
});

describe('a guest', () => {
  const open = (first: Partial<DeviceMoment> = {}) => {
    const moment = signal<DeviceMoment>({ ...plugged, ...first });
    const control = new VolunteerControl();
    const watch = { moment, tellsBattery: true, tellsLine: true, end: () => {} };
    const guest = new Guest(control, watch);
    const become = (change: Partial<DeviceMoment>): void => {
      moment.value = { ...moment.value, ...change };
    };
    return { guest, control, become };
  };

  it('pauses while the device is on battery, and goes on at the plug', () => {
    const { guest, control, become } = open();
    expect(control.paused).toBe(false);
    become({ isOnBattery: true });
    expect([control.paused, guest.resting.value]).toEqual([true, 'battery']);
    become({ isOnBattery: false });
    expect([control.paused, guest.resting.value]).toEqual([false, null]);
  });

  it('works nevertheless if it is told to, until the reason is gone', () => {
    const { guest, control, become } = open({ isOnBattery: true });
    guest.override();
    expect(control.paused).toBe(false);
    become({ hour: 13 });
    expect(control.paused).toBe(false);
    become({ isOnBattery: false });
    become({ isOnBattery: true });
    expect([control.paused, guest.resting.value]).toEqual([true, 'battery']);
  });

  it('that its owner has paused stays paused at the plug', () => {
    const { guest, control, become } = open({ isOnBattery: true });
    guest.isPaused.value = true;
    become({ isOnBattery: false });
    expect(control.paused).toBe(true);
    guest.isPaused.value = false;
    expect(control.paused).toBe(false);
  });

  it('does not forget, when it rests, that this task was to be the last', () => {
    const { control, become } = open();
    control.finishThenStop();
    become({ isMetered: true });
    expect(control.isDone).toBe(true);
  });

  it('changes its effort while it works', () => {
    const { control } = open();
    const told: number[] = [];
    control.followEffort(share => told.push(share));
    changeManners({ effort: 0.3 });
    expect([control.effort, told]).toEqual([0.3, [1, 0.3]]);
  });

  it('turns nothing any more after its end', () => {
    const { guest, control, become } = open();
    guest.end();
    become({ isOnBattery: true });
    expect(control.paused).toBe(false);
  });
});

describe('the fields of the manners', () => {
  it('say in words how hard the device works, and keep it', () => {
    render(<MannersFields />);
    const slider = screen.getByLabelText(/^Effort/);
    expect(slider.getAttribute('aria-valuetext')).toBe('It works all the time. The page stays quick.');
    fireEvent.input(slider, { target: { value: '40' } });
    expect(keptManners().effort).toBe(0.4);
    expect(mannersNow().effort).toBe(0.4);
  });

  it('offer hours only if somebody wants certain ones', async () => {
    render(<MannersFields />);
    expect(screen.queryByLabelText('From')).toBeNull();
    fireEvent.click(screen.getByLabelText('Train at certain hours only'));
    fireEvent.change(await screen.findByLabelText('From'), { target: { value: '7' } });
    expect(keptManners().hours).toEqual({ from: 7, to: 23 });
    fireEvent.click(screen.getByLabelText('Train at certain hours only'));
    expect(keptManners().hours).toBeNull();
  });

  it('do not believe strange text in the memory', () => {
    localStorage.setItem('homeroom:manners', JSON.stringify({ ...usualManners, effort: 40 }));
    expect(keptManners()).toEqual(usualManners);
  });
});
