-- Conditions de prescription et de délivrance par DCI, sans spécialité nommée.
SELECT * FROM restricted.dispensing_condition
