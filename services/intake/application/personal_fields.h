#pragma once

#include <string>

#include "common/security/sealing.h"
#include "common/wire/sealed_fields.h"

namespace escalon::intake {

/// Seals and opens for one tenant at a time; the field's name is bound to the bytes. Thread-safe.
class PersonalFields {
 public:
  explicit PersonalFields(SubjectKeys& keys) : sealer_(keys) {}
  wire::SealField Sealing(std::string tenant);
  wire::OpenField Opening(std::string tenant);

 private:
  Sealer sealer_;
};

}  // namespace escalon::intake
