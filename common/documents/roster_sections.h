#pragma once

#include "common/documents/report.h"
#include "common/domain/roster_types.h"
#include "common/domain/rotation.h"
#include "common/domain/schedule.h"

namespace escalon::documents {

// The sections of a roster document; private to the room. What their words mean together is judged by Roster::Build.

void ReadPeople(const Value& value, RosterDocument* out);  ///< people_section.cc
void ReadTeams(const Value& value, RosterDocument* out);   ///< team_section.cc
void ReadRoles(const Value& value, RosterDocument* out);
void ReadVendors(const Value& value, RosterDocument* out);
void ReadSchedules(const Value& value, RosterDocument* out);  ///< schedule_section.cc
bool ReadRotation(const Value& value, RotationSpec* out);     ///< rotation_section.cc

/// {channel: mail, address: a@b.example}, or "mail:a@b.example".
bool ReadContact(const Value& value, ContactMethod* out);

}  // namespace escalon::documents
