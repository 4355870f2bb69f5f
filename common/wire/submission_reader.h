#pragma once

#include <string>
#include <string_view>

#include "common/domain/command.h"
#include "common/wire/command_reader.h"
#include "escalon/submission/v1/submission.pb.h"

/// Facts out of a client's plain words; faults go to the reader. Private to the room.
namespace escalon::wire {

/// Everything of a submission that becomes facts. `default_source`: when it names none.
void ReadFacts(CommandReader& x, const submission::v1::Submission& p, std::string_view default_source, Facts* out);

/// How an imported case stands elsewhere; `subject`: under whose key its history is sealed.
void ReadStanding(CommandReader& x, const submission::v1::Standing& p, const std::string& subject, OpenCase* out);

/// Whether ChangeFacts may name it.
bool IsChangeableFact(std::string_view field);
/// What ChangeFacts takes over; `out->fields` is set already.
void ReadChangedFacts(CommandReader& x, const submission::v1::Submission& p, ChangeFacts* out);

}  // namespace escalon::wire
