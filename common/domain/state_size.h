#pragma once

#include <cstddef>
#include <string>

#include "common/domain/case.h"

namespace escalon {

/// A base must hold every case, and a record of the log 1 MiB at most (protocol.md rule 23).
inline constexpr size_t kMostStateBytes = 512 * 1024;

/// About as many bytes as the case's state takes when written out; linear in what it holds.
size_t StateBytes(const Case& c);
/// What takes most of it, in words.
std::string LargestPart(const Case& c);

}  // namespace escalon
