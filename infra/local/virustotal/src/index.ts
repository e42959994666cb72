/** A simulator of VirusTotal's API v3. */
export {
  eicarBytes,
  type Fault,
  PREMIUM_KEY,
  PUBLIC_KEY,
  type RecordedRequest,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  USER_ID,
} from './simulator.ts';
export { seen } from './world/verdict.ts';
