export { eventLoopTurns, VirtualClock } from '../../src/testing/virtual-clock.js';
