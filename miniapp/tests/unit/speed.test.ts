import { expect, test } from 'vitest';
import { SpeedMeter } from '../../src/uploads/speed.ts';

test('speed is what went over the last seconds, not since the start', () => {
  const meter = new SpeedMeter();
  expect(meter.speed).toBe(0);
  for (let second = 0; second <= 20; second += 1) meter.add(second * 1000, second * 100);
  expect(meter.speed).toBe(100);
  for (let second = 21; second <= 40; second += 1) meter.add(second * 1000, 2000);
  expect(meter.speed).toBe(0);
});

test('a part that is sent again gives no negative speed', () => {
  const meter = new SpeedMeter();
  meter.add(0, 0);
  meter.add(1000, 500);
  meter.add(2000, 200);
  expect(meter.speed).toBe(0);
  meter.add(3000, 300);
  expect(meter.speed).toBe(100);
});
