#pragma once

#include <string_view>

#include "common/core/result.h"
#include "common/domain/command.h"
#include "common/wire/sealed_fields.h"

namespace escalon::submission::v1 {
class Submission;
}

namespace escalon::wire {

/// A source's plain words to the command that opens a case, its personal fields sealed: name and contact of a person
/// under that person's key, the description under SubjectOf(facts). `root` is put before the paths of faults
/// (`submission`, `submissions[3]`); `default_source` stands in when the submission names none: the credential's
/// subject. Errors: kInvalidArgument with every faulty field; those of `seal`. Pure but for `seal`, thread-safe as far
/// as that is.
Result<OpenCase> ReadSubmission(const submission::v1::Submission& submission, std::string_view root,
                                std::string_view default_source, const SealField& seal);

}  // namespace escalon::wire
