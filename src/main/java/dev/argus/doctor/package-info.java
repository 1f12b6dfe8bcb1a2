/**
 * What a person would look at before trusting a server: {@link dev.argus.doctor.Examination} looks at rights, disk, ports, clock, tools and
 * settings, and says of each in one sentence what is so and what to do. Only looks; changes nothing.
 */
@NullMarked
package dev.argus.doctor;

import org.jspecify.annotations.NullMarked;
