/* Figures and times as people read them. Pure, but for the clock. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "14.2 MiB"; a dash when it is not known. */
export function bytes(count) {
  if (!Number.isFinite(count)) {
    return '–';
  }
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** "1.2 %". */
export function percent(value) {
  return Number.isFinite(value) ? `${value.toFixed(1)} %` : '–';
}

/** "0.8 s", "2 min 5 s", "3 h 10 min", "4 d 2 h". */
export function duration(milliseconds) {
  const span = Math.max(0, milliseconds);
  if (span < 50) {
    return '< 0.1 s';
  }
  if (span < 10 * SECOND) {
    return `${(span / SECOND).toFixed(1)} s`;
  }
  if (span < MINUTE) {
    return `${Math.floor(span / SECOND)} s`;
  }
  if (span < HOUR) {
    return `${Math.floor(span / MINUTE)} min ${Math.floor((span % MINUTE) / SECOND)} s`;
  }
  if (span < DAY) {
    return `${Math.floor(span / HOUR)} h ${Math.floor((span % HOUR) / MINUTE)} min`;
  }
  return `${Math.floor(span / DAY)} d ${Math.floor((span % DAY) / HOUR)} h`;
}

/** "just now", "5 min ago", "3 h ago", "2 d ago". */
export function ago(milliseconds) {
  if (milliseconds < MINUTE) {
    return 'just now';
  }
  if (milliseconds < HOUR) {
    return `${Math.floor(milliseconds / MINUTE)} min ago`;
  }
  return milliseconds < DAY ? `${Math.floor(milliseconds / HOUR)} h ago` : `${Math.floor(milliseconds / DAY)} d ago`;
}

/** The wall clock, "14:03:22". */
export function clock(date) {
  return date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}

/** Day and time, in the reader's way. */
export function dateAndTime(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : date.toLocaleString();
}

/** The first eight digits of a revision. */
export function shortRevision(revision) {
  return revision ? String(revision).slice(0, 8) : '';
}

/** "1 instance", "2 instances", "2 branches". */
export function counted(count, word, words = `${word}s`) {
  return `${count} ${count === 1 ? word : words}`;
}
