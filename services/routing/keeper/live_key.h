#pragma once

#include <optional>

#include "common/log/record.h"
#include "services/routing/keeper/case_table.h"

namespace escalon::routing {

/// The key under which a batch opened its case; nullopt: it opened none, or without a key.
std::optional<LiveKey> KeyOfOpening(const Case& after, const EventBatch& batch);

LiveKey FromBaseKey(const log::BaseKey& key);
log::BaseKey ToBaseKey(const LiveKey& key);

/// The value of a key in the live view: case id (16 bytes), be64 body hash, be64 expiry.
std::string EncodeKeyValue(const LiveKey& key);
std::optional<LiveKey> DecodeKeyValue(const Bytes16& fingerprint, std::string_view value);

}  // namespace escalon::routing
