#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/core/result.h"
#include "common/domain/facts.h"

/// Personal fields in the form in which they are stored. A sealed field names whose key opens it, so that it can be
/// opened wherever it turns up, whatever has become of the case's requester since:
///
///   0x01 ‖ length of the subject (1 byte) ‖ subject ‖ what the sealer made
///
/// An empty text stays empty. Pure but for the callbacks, thread-safe as far as they are.
namespace escalon::wire {

/// Field names, bound to what is sealed: bytes moved from one to another do not open.
inline constexpr std::string_view kPartyName = "party.name";
inline constexpr std::string_view kPartyContact = "party.contact";
inline constexpr std::string_view kDescription = "description";
inline constexpr std::string_view kNote = "note";
inline constexpr std::string_view kSolution = "solution";
inline constexpr std::string_view kQuestion = "question";
inline constexpr std::string_view kAnswer = "answer";
inline constexpr std::string_view kEta = "eta";
inline constexpr std::string_view kPackage = "package";
inline constexpr std::string_view kMajor = "major";  ///< assessment, plan and review of a major escalation

/// The tenant is the caller's to add. Errors pass through.
using SealField =
    std::function<Result<std::string>(std::string_view subject, std::string_view field, std::string_view plain)>;
using OpenField =
    std::function<Result<std::string>(std::string_view subject, std::string_view field, std::string_view sealed)>;

/// Whose key seals the texts of a case: the requester's, else the reporter's, else the source's own (`source:<id>`).
std::string SubjectOf(const Facts& facts);

Result<std::string> SealText(const SealField& seal, std::string_view subject, std::string_view field,
                             std::string_view plain);
/// kInternal when the bytes are no sealed field; else the errors of `open`.
Result<std::string> OpenText(const OpenField& open, std::string_view field, std::string_view stored);

}  // namespace escalon::wire
