#pragma once

#include "common/calc/answer_form.h"
#include "common/calc/place.h"
#include "common/domain/rotation.h"

namespace escalon::calc {

/// A rotation as a query writes it. Single values are judged here, what they mean together by Rotation::Build.
RotationSpec ReadRotation(const Place& place);

}  // namespace escalon::calc
